/** How many threads can run at the same time on this machine. */

let known: number | undefined

/**
 * Cores that this process may use: the affinity mask and, on Linux, the CPU quota of its container, which Node before
 * 22.12 does not look at. At least 1.
 */
export function parallelism(): number {
  known ??= Math.max(
    1,
    Math.min(process.getBuiltinModule('node:os').availableParallelism(), Math.ceil(containerQuota())),
  )
  return known
}

/** The cgroup's quota in cores, version 2 and version 1; Infinity where there is none. */
function containerQuota(): number {
  const [quota, period] = read('/sys/fs/cgroup/cpu.max').split(' ')
  if (quota !== undefined && Number(quota) > 0 && Number(period) > 0) return Number(quota) / Number(period)
  const oldQuota = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'))
  const oldPeriod = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'))
  return oldQuota > 0 && oldPeriod > 0 ? oldQuota / oldPeriod : Infinity
}

function read(file: string): string {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8').trim()
  } catch {
    // No such file: another system, or no limit.
    return ''
  }
}
