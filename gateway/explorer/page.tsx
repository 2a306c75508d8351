import type { Fetcher } from '@graphiql/toolkit';
import { useGraphiQLActions } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { Callers, type Persona, readPersonas } from './callers';
import { questionsPlugin } from './questions';
import { ResultView } from './result-view';

const WELCOME = `# Pick a caller above, then a saved question in the list at the left,
# or write your own. Every field is described in the docs pane.

query {
  __typename
}
`;

const NOBODY_YET = { errors: [{ message: 'Choose who asks first: the list is above.' }] };

/** The explorer, once it is known who may ask. */
export function Page() {
  const [personas, setPersonas] = useState<readonly Persona[] | null>(null);
  useEffect(() => void readPersonas().then(setPersonas), []);
  return personas && <Explorer personas={personas} />;
}

/** GraphiQL with a caller, saved questions, and the last answer as a table or a chart. */
function Explorer({ personas }: { personas: readonly Persona[] }) {
  // The token lives in this variable only: never in storage, never in the address.
  const token = useRef<string | null>(null);
  const [caller, setCaller] = useState<string | null>(null);
  const [answer, setAnswer] = useState<unknown>(null);

  const fetcher = useMemo<Fetcher>(
    () => async (params, options) => {
      // Without its persona a demonstration only refuses.
      if (personas.length > 0 && token.current === null) return NOBODY_YET as never;
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...options?.headers,
          ...(token.current ? { authorization: `Bearer ${token.current}` } : {}),
        },
        body: JSON.stringify(params),
      });
      const body = (await response.json()) as { data?: unknown };
      if (params.operationName !== 'IntrospectionQuery') setAnswer(body.data ?? null);
      return body as never;
    },
    [personas],
  );
  const plugins = useMemo(
    () => [questionsPlugin(() => token.current, caller, personas.length > 0)],
    [caller, personas],
  );
  const accept = useCallback((name: string, given: string) => {
    token.current = given;
    setCaller(name);
  }, []);

  return (
    <div className="page">
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        defaultQuery={WELCOME}
        visiblePlugin="Questions"
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          <Callers personas={personas} accept={accept} caller={caller} />
          <ReadSchemaAgain caller={caller} />
        </GraphiQL.Logo>
      </GraphiQL>
      <ResultView answer={answer} />
    </div>
  );
}

/** The schema can be read once a caller is known. */
function ReadSchemaAgain({ caller }: { caller: string | null }) {
  const { introspect } = useGraphiQLActions();
  useEffect(() => {
    if (caller !== null) void introspect();
  }, [caller, introspect]);
  return null;
}
