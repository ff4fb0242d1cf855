import type { Terminal } from "../output/terminal.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { exitCodes } from "../failure/exit-code.js";

const ENTER = /[\r\n]/;
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = /[\b\u007f]/;

/** Asks for a line that is not shown while it is typed. Needs an interactive terminal. */
export async function askHidden({ stdin, err }: Terminal, question: string): Promise<string> {
  // Before the question is shown: what is typed the moment it stands there is hidden, too.
  const wasRaw = stdin.isRaw;
  stdin.setRawMode(true);
  try {
    await err.write(question);
    stdin.setEncoding("utf8");
    stdin.resume();
    return await new Promise<string>((resolve, reject) => {
      let typed = "";
      const settle = (end: () => void): void => {
        stdin.off("data", read);
        end();
      };
      const read = (piece: string): void => {
        for (const key of piece) {
          if (ENTER.test(key) || key === CTRL_D) {
            settle(() => resolve(typed));
            return;
          }
          if (key === CTRL_C) {
            settle(() => reject(new CommandFailedError("Interrupted", exitCodes.interrupted)));
            return;
          }
          typed = BACKSPACE.test(key) ? typed.slice(0, -1) : typed + key;
        }
      };
      stdin.on("data", read);
    });
  } finally {
    stdin.setRawMode(wasRaw);
    stdin.pause();
    await err.line();
  }
}
