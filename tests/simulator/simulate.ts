/** One simulation from its seed to its end. */
import postgres from "postgres";
import { connect } from "../../server/db/connect.ts";
import { isUnavailable } from "../../server/db/failures.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { startProxy } from "../support/postgres-proxy.ts";
import { Random } from "../fuzz/random.ts";
import { openCaster, type Caster } from "./caster.ts";
import { Clock } from "./clock.ts";
import { Model } from "./model.ts";
import { AnswerLost } from "./operations.ts";
import { startProcessCaster } from "./process-caster.ts";
import type { SimulatedDatabase } from "./server.ts";
import { simulatedConfig, simulatedSettings } from "./settings.ts";
import { Simulation } from "./simulation.ts";
import { chooseStep, passEveryDeadline, stepsWith } from "./steps/any-step.ts";
import { makeKey, openAccount, publishSpell } from "./steps/open.ts";
import { hold } from "./violation.ts";

const LEDGER_EVERY = 25;
const LAST_LINES = 40;

export interface SimulateOptions {
  readonly seed: number;
  readonly steps: number;
  /** `serial`: one connection, and the seed decides every answer. `concurrent`: several, and a process, all at once. */
  readonly mode: "serial" | "concurrent";
}

export interface Outcome {
  readonly steps: number;
  readonly casts: number;
  readonly trace: readonly string[];
}

/** A simulation that failed: at which step, with what went before. */
export class SimulationFailed extends Error {
  override readonly name = "SimulationFailed";
  readonly step: number;

  constructor({ seed, mode }: SimulateOptions, step: number, trace: readonly string[], cause: unknown) {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const last = trace.slice(-LAST_LINES).join("\n");
    super(`seed ${seed}, ${mode}, step ${step}: ${what}\n${last}\nagain: SEED=${seed} make simulate`, {
      cause,
    });
    this.step = step;
  }
}

/** What a cut connection did is unknown to whoever asked. */
function losingAnswers(caster: Caster): Caster {
  const lose = (error: unknown): never => {
    throw isUnavailable(error) ? new AnswerLost() : error;
  };
  return {
    admit: (request) => caster.admit(request).catch(lose),
    settle: (ending) => caster.settle(ending).catch(lose),
    sweep: () => caster.sweep().catch(lose),
    start: (castId) => caster.start(castId).catch(lose),
    cancel: (accountId, castId) => caster.cancel(accountId, castId).catch(lose),
  };
}

async function play(simulation: Simulation, steps: ReturnType<typeof stepsWith>, count: number) {
  for (let i = 0; i < 3; i += 1) await openAccount(simulation);
  for (let i = 0; i < 4; i += 1) await publishSpell(simulation);
  for (const account of simulation.accounts) await makeKey(simulation, account);
  for (simulation.step = 1; simulation.step <= count; simulation.step += 1) {
    simulation.clock.tick();
    const step = chooseStep(simulation, steps);
    simulation.trace.push(`${simulation.step} ${step.name}`);
    await step.run(simulation);
    if (simulation.step % LEDGER_EVERY === 0) await checkLedger(simulation);
  }
  await passEveryDeadline(simulation);
  hold(simulation.open.length === 0, () => `${simulation.open.length} holds are left after every deadline`);
  await checkLedger(simulation);
}

async function checkLedger({ db }: Simulation): Promise<void> {
  const { disagreements } = await verifyLedger(db);
  hold(disagreements.length === 0, () =>
    disagreements.map(({ what, found }) => `${found} ${what}`).join("; "),
  );
}

/** Plays one seed on a database of its own, which the caller drops. @throws SimulationFailed */
export async function simulate(database: SimulatedDatabase, options: SimulateOptions): Promise<Outcome> {
  const random = new Random(options.seed);
  const clock = new Clock();
  const config = simulatedConfig(random.oneIn(3) ? 12 : 1_000_000);
  const settings = simulatedSettings(config);
  const proxy = await startProxy(database.appUrl);
  const isConcurrent = options.mode === "concurrent";
  const open = (url: string, isTimed: boolean) =>
    openCaster({ url, poolSize: isConcurrent ? 4 : 1, settings, clock, isTimed });
  const first = await open(database.appUrl, true);
  const others = isConcurrent ? [await open(database.appUrl, true), await open(database.appUrl, true)] : [];
  const cuttable = await open(proxy.url, false);
  const process = isConcurrent ? await startProcessCaster({ url: database.appUrl, settings }, clock) : null;
  const db = connect({ url: database.appUrl, poolSize: 6, applicationName: "simulator" });
  const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  const simulation = new Simulation({
    random,
    model: new Model(settings),
    clock,
    db,
    superuser,
    config,
    casters: {
      all: [first, ...others, ...(process === null ? [] : [process])],
      cuttable: losingAnswers(cuttable),
    },
    isConcurrent,
  });
  try {
    await play(simulation, stepsWith(proxy, process), options.steps);
    return { steps: options.steps, casts: simulation.model.casts.size, trace: simulation.trace };
  } catch (error) {
    throw new SimulationFailed(options, simulation.step, simulation.trace, error);
  } finally {
    await Promise.all([first, ...others, cuttable, db].map((part) => part.close()));
    await process?.close();
    await superuser.end({ timeout: 5 });
    await proxy.close();
  }
}
