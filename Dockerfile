# Build: everything, then only what the server needs at run time.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY server/package.json server/
COPY client/package.json client/

FROM packages AS build
RUN npm ci --no-audit --no-fund
COPY tsconfig.base.json tsconfig.json ./
COPY scripts scripts
COPY shared shared
COPY server server
COPY client client
RUN npm run build

# Optional packages are the embedded PostgreSQL, which an image with DATABASE_URL does not use.
FROM packages AS runtime
RUN npm ci --no-audit --no-fund --omit=dev --omit=optional --workspace server --workspace shared

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=4000 PATH=/app/server/bin:$PATH
WORKDIR /app
COPY --from=runtime /app/package.json ./
COPY --from=runtime /app/node_modules node_modules
COPY --from=runtime /app/server server
COPY --from=runtime /app/shared shared
# What an operator runs inside: migrate, verify.
COPY server/bin server/bin
COPY --from=build /app/shared/dist shared/dist
COPY --from=build /app/server/dist server/dist
COPY --from=build /app/client/dist client/dist
USER node
EXPOSE 4000
# Whether the process lives; whether it can serve is for whoever sends it requests to ask (/readyz).
HEALTHCHECK --interval=5s --timeout=3s --start-period=90s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=64", "server/dist/main.js"]
