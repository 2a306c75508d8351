# One image for every program of the graph; the command names the program.
FROM node:22-bookworm-slim AS build
WORKDIR /house
COPY . .
RUN node bin/run.mjs build \
 && CI=true npx --yes pnpm@12.21.0 install --frozen-lockfile --prod

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /house
COPY --from=build --chown=root:root /house .
USER node
STOPSIGNAL SIGTERM
ENTRYPOINT ["node"]
CMD ["gateway/dist/main.js"]
