import type { VerificationReport } from '#audit';
import { Command } from 'commander';
import { interruptible } from '../interruptible.js';
import { show, type Print } from '../operate/common-options.js';
import { table } from '../operate/table.js';
import { eventMeterOn } from './event-meter.js';
import { instantText } from './instant.js';
import { onRegion } from './region-log.js';
import type { RegionVerification } from './verify-here.js';
import { verifyRegion } from './verify-region.js';
import type { Verified } from './verify.js';

interface VerifyOptions extends RegionVerification {
  readonly json?: true;
}

export function verifyCommand(print: Print): Command {
  return onRegion(new Command('verify'))
    .description('replay the whole kept log, and say what in it must not be')
    .option('--resume <file>', 'go on where an earlier run has ended, and note where this one does')
    .option('--json', 'print the report as JSON')
    .action(async (options: VerifyOptions) => {
      const meter = eventMeterOn(process.stderr);
      const verified = await interruptible((signal) => verifyRegion(options, { signal, meter }));
      show(print, options, verified.report, () => textOf(verified, options));
      if (verified.report.wrong > 0 || !verified.isWhole) process.exitCode = 1;
    });
}

function textOf(
  { report, isWhole, taken, seconds, cpuSeconds }: Verified,
  { resume }: VerifyOptions,
): string {
  const { events, slots, first, last, lastAt, wrong } = report;
  const what = `${count(events)} events of ${count(slots)} slots, ${first} to ${last}`;
  const until = events === 0 ? '' : `, the last of ${instantText(lastAt)}`;
  const [rate, ofOne] = [seconds, cpuSeconds].map((time) => count(Math.round(taken / time)));
  return [
    wrong === 0 ? `sound: ${what}${until}` : `WRONG: ${count(wrong)} of ${what}${until}`,
    ...remarks(report),
    ...(seconds > 1 ? [`${rate} events/s, ${ofOne} events/s of one processor's time`] : []),
    ...(isWhole ? [] : [`interrupted at ${last}; ${onward(resume)}`]),
    ...(wrong === 0 ? [] : ['', 'the first is wrong at', findings(report)]),
  ].join('\n');
}

function onward(resume: string | undefined): string {
  return resume === undefined
    ? 'with --resume it could go on from there'
    : 'the same again goes on';
}

/** What is not wrong, and limits what was shown. */
function remarks(report: VerificationReport): readonly string[] {
  const { beginningsGone, missing, withoutChecksum, unchained } = report;
  const told: readonly (readonly [number, string])[] = [
    [beginningsGone, 'slots whose first events are no longer kept, taken as they stand'],
    [missing, 'events are no longer kept, or missing'],
    [withoutChecksum, 'events without a checksum, as versions up to 0.2.0 wrote them'],
    [unchained, 'events without the number of the one they follow, which an archive does not keep'],
  ];
  return told.filter(([number]) => number > 0).map(([number, says]) => `${count(number)} ${says}`);
}

function findings({ findings: found, wrong }: VerificationReport): string {
  const rows = found.map(({ sequence, slot, event, says }) => [
    ...[String(sequence), slot ?? '', event ?? '', says],
  ]);
  const more = wrong > found.length ? `\nand ${count(wrong - found.length)} more` : '';
  return table(['sequence', 'slot', 'event', 'it'], rows) + more;
}

const count = (number: number) => number.toLocaleString('en');
