import { z } from 'zod';

/** What an operator's commands ask of the service; the running one does it where there is one. */
export const ControlCalls = {
  job: z.object({
    // Without a name the answer tells which there are.
    id: z.string().default(''),
    at: z.iso.datetime({ offset: true, error: '--at takes a time such as 2026-11-22T02:00' }).optional(),
  }),
  admin: z.object({ username: z.string({ error: 'say whom: npm run admin -- USERNAME' }).min(1) }),
  backup: z.object({ file: z.string().min(1).optional() }),
  menu: z.object({}),
} as const;

export type ControlName = keyof typeof ControlCalls;

/** Each control answers with the lines to print. */
export type Controls = { [N in ControlName]: (input: z.output<(typeof ControlCalls)[N]>) => Promise<string> };

/** Runs one control with an unchecked body. @throws Error of one line for what does not fit, also in the names it asks for */
export async function runControl(controls: Controls, name: ControlName, body: unknown): Promise<string> {
  try {
    const input = ControlCalls[name].parse(body);
    return await (controls[name] as (checked: unknown) => Promise<string>)(input);
  } catch (error) {
    if (error instanceof z.ZodError) throw new Error(error.issues.map(({ message }) => message).join('\n'));
    throw error;
  }
}
