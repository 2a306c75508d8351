/** How the bench speaks with the programs that it starts: one question, one answer, over the channel of `fork`. */

export interface Question {
  readonly id: number;
  readonly ask: string;
  readonly value: unknown;
}

export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

// Each program answers questions of its own shape; who asks knows what comes back.
type Answers = Readonly<Record<string, (value: never) => unknown>>;

/** Answers the questions named here; others are left to whoever else listens in this program. */
export function answer(answers: Answers): void {
  const reply = (message: Reply): void => {
    process.send?.(message);
  };
  process.on('message', (message) => {
    const { id, ask, value } = message as Question;
    const known = answers[ask];
    if (known === undefined) return;
    Promise.resolve()
      .then(() => known(value as never))
      .then(
        (found) => {
          reply({ id, value: found ?? null });
        },
        (error: unknown) => {
          reply({ id, error: error instanceof Error ? error.message : String(error) });
        },
      );
  });
  // Without its parent nobody would ever end the program.
  process.once('disconnect', () => process.exit(0));
}
