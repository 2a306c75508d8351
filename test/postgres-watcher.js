/** Waits until the run of jest that started it is gone, then ends that run's server and removes its folder. */
const fs = require('node:fs');

const [directory, pidFile] = process.argv.slice(2);
process.stdin.resume().once('end', () => {
  try {
    process.kill(Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
  } catch {
    // The teardown of the run has stopped it.
  }
  setTimeout(() => fs.rmSync(directory, { recursive: true, force: true }), 1000);
});
