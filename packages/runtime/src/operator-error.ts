// The failures that whoever runs the command can mend.

export type OperatorExitCode = 1 | 2;

/**
 * A failure with one line that names the setting, file or command to mend. It is printed without a
 * stack. Exit code 2 is a wrong use of the command, 1 (the default) anything else.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode: OperatorExitCode;

  constructor(line: string, exitCode: OperatorExitCode = 1) {
    super(line.replaceAll(/\s*\n\s*/g, ' '));
    this.exitCode = exitCode;
  }
}
