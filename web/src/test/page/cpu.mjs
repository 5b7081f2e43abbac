/** Seconds of processor time that work takes: a machine that stands still meanwhile adds nothing. */
export const cpuSeconds = (work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
