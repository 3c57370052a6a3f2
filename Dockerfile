# The server and nothing else: no torch, no compiler, no Node.js, no root.
#
#   docker build -t lentigo .
#   docker run --rm -p 8000:8000 --read-only --cap-drop ALL lentigo

FROM node:22-slim AS page
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm install --no-save
COPY web ./
RUN npm run build

FROM python:3.12-slim AS wheels
WORKDIR /build
COPY requirements/server.txt requirements/tools.txt requirements/
RUN python -m venv /opt/lentigo \
 && /opt/lentigo/bin/pip install --no-cache-dir --require-hashes -r requirements/server.txt \
 && pip install --no-cache-dir --require-hashes -r requirements/tools.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY --from=page /build/src/lentigo/service/static src/lentigo/service/static
RUN python -m hatchling build -t wheel -d dist \
 && /opt/lentigo/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home lentigo
COPY --from=wheels /opt/lentigo /opt/lentigo
ENV PATH=/opt/lentigo/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LENTIGO_HOST=0.0.0.0 \
    LENTIGO_LOG_FORMAT=json
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', 8000)}/readyz\", timeout=2)"]
CMD ["lentigo", "serve"]
