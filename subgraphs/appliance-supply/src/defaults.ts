/** What is in force until a clinic decides otherwise (E-18). */

/** New lots with fewer days than this left on the day of receipt go to quarantine. */
export const SHELF_LIFE_DAYS_MIN = 30;

/** Days over which the average daily use is taken (SUP-53). */
export const DAILY_USE_DAYS = 90;

/** Lines of one change. */
export const LINES_MAX = 500;
