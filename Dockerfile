# Hallo for Discord. One image for the bot (default) and the server (`serve`). See docs/operating.md.
# It contains node-av, a GPL build of FFmpeg: read LICENSE before you push an image to a public registry.

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script is needed: all native parts are prebuilt packages. Node itself is the image's own.
# The compiler comes along as an optional peer of i18next; nothing asks for it at run time.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/typescript node_modules/@typescript \
  && npm cache clean --force

FROM node:24-slim
# tini is process 1: it passes signals on and reaps the children that read media.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
COPY commands ./commands
# The one place that is written to, apart from /tmp.
RUN install --directory --owner=node --group=node --mode=0700 /data
ENV NODE_ENV=production \
  HALLO_DATA_DIR=/data
VOLUME /data
# What a start compiles is kept here, for the running container's disk may be read-only. This start ends at once, for want of a token.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN install --directory --owner=node --group=node /app/compiled
USER node
RUN node src/hallo.js start || true
STOPSIGNAL SIGTERM
# Healthy: the process answers. Asked from inside, so the operator's port need not be published.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HALLO_OPERATOR_PORT || 9464}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "--max-semi-space-size=4", "src/hallo.js"]
CMD ["start"]
