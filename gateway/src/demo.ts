import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import type { DemoPersonas } from './options.types';

const Body = z.object({ as: z.string() });

/** Tokens for trying the graph out: `GET /demo/personas`, `POST /demo/token {"as": "owner"}`. */
export function demoRoutes(app: FastifyInstance, demo: DemoPersonas): void {
  app.get('/demo/personas', () => demo.personas);

  app.post('/demo/token', async (request, reply) => {
    const body = Body.safeParse(request.body);
    const persona = demo.personas.find((p) => p.name === body.data?.as);
    if (!persona) {
      const names = demo.personas.map((p) => p.name).join(', ');
      return reply.code(400).send({ message: `Send {"as": "<persona>"} with one of: ${names}.` });
    }
    return { token: await demo.token(persona.name), persona };
  });
}
