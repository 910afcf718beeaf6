import { test } from '@jest/globals';
import { runScenario } from './crash/scenario.ts';
test('one', async () => {
  for (let seed = 0; seed < 12; seed++) {
    const t = performance.now();
    const w = (['calm', '429 storms', '5xx bursts', 'slow slices'] as const)[seed % 4]!;
    const o = await runScenario(seed, w, 5);
    process.stderr.write(
      `${seed} ${w} ${(performance.now() - t).toFixed(0)} ms kills ${o.kills} read ${o.read} safe ${o.safe} missing ${o.missing.length} rep ${o.repeated.slice(0, 5)} #${o.repeated.length} wrong ${o.wrong.slice(0, 3)}\n`,
    );
  }
}, 100000);
