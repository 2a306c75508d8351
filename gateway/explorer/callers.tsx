export interface Persona {
  readonly name: string;
  readonly title: string;
}

interface Props {
  /** Empty where a token has to be pasted in. */
  readonly personas: readonly Persona[];
  readonly caller: string | null;
  readonly accept: (name: string, token: string) => void;
}

/** The personas that may be chosen; none outside a demonstration. */
export async function readPersonas(): Promise<readonly Persona[]> {
  try {
    const response = await fetch('/demo/personas');
    return response.ok ? ((await response.json()) as Persona[]) : [];
  } catch {
    return [];
  }
}

/** Who asks: a persona where the demonstration offers them, else a token that is pasted in. */
export function Callers({ personas, caller, accept }: Props) {
  const pick = async (name: string) => {
    const response = await fetch('/demo/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: name }),
    });
    const { token } = (await response.json()) as { token: string };
    accept(name, token);
  };

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
