import { expect, onTestFinished, test } from "vitest";
import { isSound, soak } from "../soak/soak.js";
import { startPostgres } from "./postgres-server.js";

test(
  "killed workers, a crashed server, lost answers and caps: nothing lost, nothing twice, nothing above a cap",
  { timeout: 600_000 },
  async () => {
    const server = await startPostgres(); // one of its own, to be crashed
    onTestFinished(server.stop, 60_000);
    const verdict = await soak(
      {
        seed: 1,
        uses: 200,
        shops: 4,
        workers: 3,
        killEvery: 300,
        faults: 0.2,
        restarts: 1,
        rollUp: "each",
      },
      server,
    );
    expect(verdict).toMatchObject({ twice: 0, lost: 0, aboveCap: 0, exact: true, restarts: 1 });
    expect(verdict.kills).toBeGreaterThan(0);
    expect(verdict.cappedShops).toBeGreaterThan(0);
    expect(isSound(verdict)).toBe(true);
  },
);
