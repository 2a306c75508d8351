import type { Fetcher } from '@graphiql/toolkit';
import { useGraphiQLActions } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { Callers } from './callers';
import { questionsPlugin } from './questions';
import { ResultView } from './result-view';

const WELCOME = `# Pick a caller above, then a saved question in the list at the left,
# or write your own. Every field is described in the docs pane.

query {
  __typename
}
`;

/** The explorer: GraphiQL with a caller, saved questions, and the last answer as a table or a chart. */
export function Page() {
  // The token lives in this variable only: never in storage, never in the address.
  const token = useRef<string | null>(null);
  const [caller, setCaller] = useState<string | null>(null);
  const [answer, setAnswer] = useState<unknown>(null);

  const fetcher = useMemo<Fetcher>(
    () => async (params, options) => {
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
    [],
  );
  const plugins = useMemo(() => [questionsPlugin(() => token.current, caller)], [caller]);
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
          <Callers accept={accept} caller={caller} />
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
