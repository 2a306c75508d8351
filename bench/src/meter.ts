/** Loaded before a measured program (`--require`): tells what the program has used so far. */
import { answer } from './control';

export interface Usage {
  /** Microseconds of processor time, user and system together, since the program began. */
  readonly cpu: number;
  /** Bytes of memory that the program holds now. */
  readonly rss: number;
}

answer({
  usage: (): Usage => {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, rss: process.memoryUsage.rss() };
  },
});
