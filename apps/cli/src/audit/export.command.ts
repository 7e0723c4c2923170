import { keptLog, selected, type Selection } from '#audit';
import { slotNamed } from '#wire';
import { Command, InvalidArgumentError, Option } from 'commander';
import { extname } from 'node:path';
import { Interrupted } from '../exit-codes.js';
import { interruptible } from '../interruptible.js';
import { show, type Print } from '../operate/common-options.js';
import { eventMeterOn } from './event-meter.js';
import { FORMATS, openExport, type Format } from './export-file.js';
import { INSTANT_HELP, instantOf } from './instant.js';
import { oneToken, onRegion, withRegion, type RegionOptions } from './region-log.js';

interface ExportOptions extends RegionOptions, Selection {
  readonly format?: Format;
  readonly secrets?: true;
  readonly json?: true;
}

/** `berth audit export`: the events of a region in a file. */
export function exportCommand(print: Print): Command {
  return onRegion(new Command('export'))
    .argument('<file>', 'where to; one that is there is written over')
    .description('write events to a file: JSON lines, which import and replay read, CSV or Parquet')
    .addOption(new Option('--format <format>', 'default: as the file is called').choices(FORMATS))
    .option('--from <time>', INSTANT_HELP, (text) => instantOf(text))
    .option('--to <time>', 'until this instant', (text) => instantOf(text))
    .option('--fleet <name>', 'events of slots of this fleet only', oneToken)
    .option('--slot <slot>', 'events of this slot only: region.agent.slot', slot)
    .option('--allocation <id>', 'events of this allocation only')
    .option('--secrets', "with payloads, games' answers and tokens, which are left out otherwise")
    .option('--json', 'print how many there were as JSON')
    .action(async (file: string, options: ExportOptions) => {
      const format = options.format ?? formatOf(file);
      const events = await interruptible((signal) => exported(file, format, options, signal));
      const secrets = options.secrets === true ? '' : ', without payloads and tokens';
      show(print, options, { file, format, events }, () => {
        return `${events.toLocaleString('en')} events in ${file}${secrets}`;
      });
    });
}

/** Writes the events, and returns how many there were; a file that is not whole is not left. */
function exported(
  file: string,
  format: Format,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<number> {
  return withRegion(options, async ({ log, archive, kept }) => {
    const meter = eventMeterOn(process.stderr);
    const whole = await keptLog(log, archive);
    const to = openExport(file, format, options.secrets === true);
    let events = 0;
    meter.begin();
    try {
      for await (const event of selected(whole, kept, options)) {
        if (signal.aborted) throw new Interrupted(`interrupted: ${file} is not written`);
        await to.write(event);
        events += 1;
        meter.reach(event.message.sequence, whole.last);
      }
      await to.close();
    } catch (error) {
      await to.discard();
      throw error;
    } finally {
      meter.end();
    }
    return events;
  });
}

function formatOf(file: string): Format {
  const extension = extname(file).slice(1);
  const found = FORMATS.find((format) => format === (extension === 'ndjson' ? 'jsonl' : extension));
  if (found !== undefined) return found;
  throw new Error(`say --format: ${file} does not end with .jsonl, .csv or .parquet`);
}

function slot(text: string): string {
  if (slotNamed(text) !== undefined) return text;
  throw new InvalidArgumentError('must be region.agent.slot');
}
