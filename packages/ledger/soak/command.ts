/** `npm run soak:ledger -- --uses 20000 --seed 1`: prints what it found; the last line is JSON. */
import { parseArgs } from "node:util";
import { startPostgres } from "../test/postgres-server.js";
import { isSound, soak } from "./soak.js";

const { values } = parseArgs({
  options: {
    uses: { type: "string", default: "20000" },
    shops: { type: "string", default: "20" },
    workers: { type: "string", default: "4" },
    "kill-every": { type: "string", default: "300" },
    faults: { type: "string", default: "0.2" },
    restarts: { type: "string", default: "1" },
    "roll-up": { type: "string", default: "1.00" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`npm run soak:ledger -- [options]

  --uses <number>        uses to record (20000)
  --shops <number>       shops, every other with a cap of half of what it uses (20)
  --workers <number>     processes that charge (4)
  --kill-every <ms>      kills one of them with SIGKILL, 0 for never (300)
  --faults <share>       requests that meet a fault of the simulator (0.2)
  --restarts <number>    crashes of the database server (1)
  --roll-up <amount>     what uses must add up to for a charge, or "each" (1.00)
  --seed <number>        what it is all drawn from (1)

The last line is JSON. The exit code is 1 if anything was lost, charged twice, or above a cap.`);
  process.exit();
}

let sound = false;
const server = await startPostgres();
try {
  const verdict = await soak(
    {
      seed: Number(values.seed),
      uses: Number(values.uses),
      shops: Number(values.shops),
      workers: Number(values.workers),
      killEvery: Number(values["kill-every"]),
      faults: Number(values.faults),
      restarts: Number(values.restarts),
      rollUp: values["roll-up"] === "each" ? "each" : { atLeast: values["roll-up"] },
    },
    server,
  );
  console.log(
    `${verdict.uses} uses of ${verdict.recorded} USD became ${verdict.charges} charges of ${verdict.charged} USD; ${verdict.open} USD are carried.`,
  );
  console.log(
    `${verdict.kills} workers killed, ${verdict.restarts} crashes of the server, ${verdict.cappedShops} shops at their cap, ${verdict.seconds} s.`,
  );
  console.log(JSON.stringify(verdict));
  sound = isSound(verdict);
} finally {
  await server.stop();
}
process.exitCode = sound ? 0 : 1;
