import { mkdir, writeFile } from 'node:fs/promises';
import { slotRecordCodec, slotSubject } from '#wire';
import { histories } from './script.js';

/**
 * Records the scripted histories as they are stored today, for every later version to replay.
 * Existing files are never overwritten.
 */
const version = process.argv[2] ?? '';
if (!/^\d+\.\d+\.\d+$/.test(version)) {
  process.stderr.write('usage: npm run histories -- VERSION, for example 0.3.0\n');
  process.exit(2);
}

const folder = `test/histories/${version}`;
await mkdir(folder, { recursive: true });
for (const [name, steps] of histories()) {
  const subject = slotSubject({ region: 'eu', agent: 'agent-1', slot: name });
  const lines = steps.map((step, index) => {
    const record = { id: `${name}-${index + 1}`, source: 'berth/allocator/allocator-1', ...step };
    return new TextDecoder().decode(slotRecordCodec.encode(subject, record));
  });
  await writeFile(`${folder}/${name}.jsonl`, `${lines.join('\n')}\n`, { flag: 'wx' });
  console.log(`${folder}/${name}.jsonl: ${lines.length} events`);
}
