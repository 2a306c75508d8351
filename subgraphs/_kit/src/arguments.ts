import { Arg, Directive, ID, Int } from 'type-graphql';

/** The clinic that a field is about. */
export const ClinicArg = () => Arg('clinicId', () => ID, { description: 'Clinic concerned.' });

/** The record that a field is about. */
export const IdArg = () => Arg('id', () => ID, { description: 'Identifier of the record asked for or changed.' });

/** Size of a page. */
export const FirstArg = () =>
  Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Page size, 1 to 200.' });

/** Where a page begins. */
export const AfterArg = () =>
  Arg('after', () => String, {
    nullable: true,
    description: 'Cursor of the last item already seen; null starts at the beginning.',
  });

/** What a page may cost: its items are as many as `first` says. */
export const PagedList = () =>
  Directive(
    '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
  );
