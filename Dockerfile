# The local runtime in a container:
#   docker build -t minoots . && docker run -p 3000:3000 -v minoots:/data minoots
# The first start prints a tenant's key; it is also in /data/dev.json. Webhooks to loopback are off,
# since loopback is the container itself.
FROM node:24-slim

# workerd checks receivers' certificates against the system's authorities; slim images have none.
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends ca-certificates \
	&& rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup.mjs scripts/
RUN node scripts/setup.mjs

COPY . .
# The second command proves that the runtime loads.
RUN node scripts/build.ts && node runtime/main.ts --help
RUN install --directory --owner=node --group=node --mode=0700 /data

USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "runtime/main.ts", "--host", "0.0.0.0", "--state", "/data"]
