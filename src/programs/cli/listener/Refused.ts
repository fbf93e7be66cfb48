/**
 * Why a listener could not start, and what the person can do.
 */

/** The code of a system error (`EADDRINUSE`), or the error in its own words. */
export const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause)

const low = (port: number, flag: string): string => {
  const another = flag === "--http-port" ? "--http-port 8080" : `${flag} 8443`
  return (
    `port ${port} may not be used by this user. Choose one above 1023 (${another}) and redirect ${port} to it, ` +
    `or allow low ports to everybody: sudo sysctl net.ipv4.ip_unprivileged_port_start=${Math.min(port, 80)}.`
  )
}

/** One sentence for the person. `flag` is the one that names the port. */
export const sentence = (
  {
    flag = "--port",
    host = "127.0.0.1",
    port
  }: { readonly port: number; readonly flag?: string; readonly host?: string },
  cause: unknown
): string => {
  const code = codeOf(cause)
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} is in use. Choose another one with ${flag}.`
    case "EACCES":
      return low(port, flag)
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return `${host} is no address of this machine. Choose one with --host; 0.0.0.0 stands for all.`
    default:
      return `port ${port} of ${host} cannot be listened on (${code}). Choose another one with ${flag}.`
  }
}
