import { places } from '../places.js';
import { linkTo } from '../route.js';

/** What may be the id of something: words joined by dots. */
const ID = /([\w-]+(?:\.[\w-]+)+)/;

/** A sentence in which the slots, machines and fleets that it names are links to their pages. */
export function Linked({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(ID).map((part) => {
        const page = places.value.get(part);
        return page === undefined ? part : <a href={linkTo(page, part)}>{part}</a>;
      })}
    </>
  );
}
