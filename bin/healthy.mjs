/** Answers by its exit code whether an address says that it is ready; for the health checks of docker-compose.yml. */
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(4_000) }).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
