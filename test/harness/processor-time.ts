/**
 * Milliseconds of processor time that this thread has used: how much work something is, however busy the machine is
 * with other work.
 */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
