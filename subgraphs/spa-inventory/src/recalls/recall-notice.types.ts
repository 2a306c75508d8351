import { RecallNotice } from '@practice-graph/practice';
import type { Recall } from './recall.entity';

/** The notice by which a recall blocks lots. */
export const noticeOf = (recall: Recall): RecallNotice => {
  const { recallNumber, recallClass, reason, announcedOn, startedAt, startedBy } = recall;
  return Object.assign(new RecallNotice(), { recallNumber, recallClass, reason, announcedOn, startedAt, startedBy });
};
