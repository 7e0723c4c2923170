import { needsToken } from './api.js';
import { Banner } from './banner.js';
import { Find } from './find.js';
import { pageTitles, Page } from './page.js';
import { linkTo, route } from './route.js';
import { TokenForm } from './token-form.js';

export function App() {
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header>
        <a class="name" href="#/">
          Berth
        </a>
        <nav aria-label="Pages">
          {pageTitles.map(([page, title]) => (
            <a
              href={linkTo(page)}
              aria-current={listOf(route.value.page) === page ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
          <a href="/docs">API</a>
        </nav>
        <Find />
        <Banner />
      </header>
      <main id="main" tabIndex={-1}>
        {needsToken.value ? <TokenForm /> : <Page />}
      </main>
    </>
  );
}

/** Build configurations are listed with the builds. */
const listOf = (page: string) => (page === 'configurations' ? 'builds' : page);

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
