import { z } from 'zod';

/** What an operator's commands ask of the service; the running one does it where there is one. */
export const ControlCalls = {
  job: z.object({ id: z.string().min(1), at: z.iso.datetime({ offset: true }).optional() }),
  admin: z.object({ username: z.string().min(1) }),
  backup: z.object({ file: z.string().min(1).optional() }),
  menu: z.object({}),
} as const;

export type ControlName = keyof typeof ControlCalls;

/** Each control answers with the lines to print. */
export type Controls = { [N in ControlName]: (input: z.output<(typeof ControlCalls)[N]>) => Promise<string> };

/** Runs one control with an unchecked body. @throws ZodError where the body does not fit */
export function runControl(controls: Controls, name: ControlName, body: unknown): Promise<string> {
  const input = ControlCalls[name].parse(body);
  return (controls[name] as (checked: unknown) => Promise<string>)(input);
}
