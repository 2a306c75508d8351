export * from './calendar.rules';
export * from './period.rules';
export * from './posting-day.rules';
export * from './ratio.rules';
export * from './split.rules';
export * from './suppression.rules';
export * from './lot.rules';
