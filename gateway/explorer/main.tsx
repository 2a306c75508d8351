import { createRoot } from 'react-dom/client';

import { Page } from './page';
import './style.css';

// The editor asks here for its background workers; ours are files of the same server.
Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_id: string, label: string) => {
      const name = label === 'graphql' || label === 'json' ? label : 'editor';
      return new Worker(`/graphiql/${name}.worker.js`);
    },
  },
});

createRoot(document.getElementById('root') as HTMLElement).render(<Page />);
