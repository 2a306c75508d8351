import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useState } from 'react';

interface SavedOperation {
  readonly name: string;
  readonly title: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The list of saved questions as a pane of GraphiQL. */
export function questionsPlugin(
  token: () => string | null,
  caller: string | null,
  needsCaller: boolean,
): GraphiQLPlugin {
  return {
    title: 'Questions',
    icon: () => (
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" width="1em" height="1em">
        <path d="M5 4h14v16H5z M8 8h8 M8 12h8 M8 16h5" />
      </svg>
    ),
    content: () => <Questions token={token} caller={caller} needsCaller={needsCaller} />,
  };
}

interface Props {
  readonly token: () => string | null;
  readonly caller: string | null;
  /** True where nothing is told before somebody asks. */
  readonly needsCaller: boolean;
}

function Questions({ token, caller, needsCaller }: Props) {
  const [saved, setSaved] = useState<readonly SavedOperation[]>([]);
  const [wanted, setWanted] = useState('');
  const open = useOpenInTab();
  useEffect(() => {
    const authorization = token();
    if (needsCaller && authorization === null) return;
    fetch('/graphiql/operations', { headers: authorization ? { authorization: `Bearer ${authorization}` } : {} })
      .then(async (response) => setSaved(response.ok ? ((await response.json()) as SavedOperation[]) : []))
      .catch(() => setSaved([]));
  }, [token, caller, needsCaller]);

  const found = saved.filter((o) => `${o.name} ${o.title}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div className="questions">
      <h2>Saved questions</h2>
      <input type="search" placeholder="find…" value={wanted} onChange={(event) => setWanted(event.target.value)} />
      {saved.length === 0 && <p>None to show. Choose who asks first.</p>}
      <ul>
        {found.map((operation) => (
          <li key={operation.name}>
            <button type="button" data-operation={operation.name} onClick={() => open(operation)}>
              <strong>{operation.name.replace(/^\d+-/, '').replaceAll('-', ' ')}</strong>
              <span>{operation.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Opens an operation in a tab of its own; an untouched first tab is used instead of a second one. */
function useOpenInTab() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return (operation: SavedOperation) => {
    const isUntouched = (queryEditor?.getValue() ?? '').startsWith('# Pick a caller above');
    if (!isUntouched) addTab();
    // A new tab is drawn first; its editors are then given the texts.
    setTimeout(() => {
      queryEditor?.setValue(operation.query);
      variableEditor?.setValue(JSON.stringify(operation.variables, null, 2));
    }, 50);
  };
}
