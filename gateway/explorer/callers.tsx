import { useEffect, useState } from 'react';

interface Persona {
  readonly name: string;
  readonly title: string;
}

interface Props {
  readonly caller: string | null;
  readonly accept: (name: string, token: string) => void;
}

/** Who asks: a persona where the demonstration offers them, else a token that is pasted in. */
export function Callers({ caller, accept }: Props) {
  const [personas, setPersonas] = useState<readonly Persona[] | null>(null);
  useEffect(() => {
    fetch('/demo/personas')
      .then(async (response) => setPersonas(response.ok ? ((await response.json()) as Persona[]) : []))
      .catch(() => setPersonas([]));
  }, []);

  const pick = async (name: string) => {
    const response = await fetch('/demo/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: name }),
    });
    const { token } = (await response.json()) as { token: string };
    accept(name, token);
  };

  if (personas === null) return <span className="callers">practice-graph</span>;
  return (
    <label className="callers">
      <span>Ask as</span>
      {personas.length > 0 ? (
        <select id="persona" value={caller ?? ''} onChange={(event) => void pick(event.target.value)}>
          <option value="" disabled>
            choose a caller…
          </option>
          {personas.map((persona) => (
            <option key={persona.name} value={persona.name}>
              {persona.title}
            </option>
          ))}
        </select>
      ) : (
        <input
          id="token"
          type="password"
          autoComplete="off"
          placeholder="paste a token; it is kept in memory only"
          onChange={(event) => event.target.value && accept('token', event.target.value.trim())}
        />
      )}
    </label>
  );
}
