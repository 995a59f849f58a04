import { expect, test } from 'vitest';
import { z } from 'zod';
import { startServer } from './harness.ts';

const schema = z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() });
const operation = z.object({
  summary: z.string(),
  tags: z.array(z.string()),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema })) }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({ description: z.string(), content: z.record(z.string(), z.object({ schema })).optional() }),
  ),
});
const document = z.looseObject({
  openapi: z.string().startsWith('3.1'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), operation)),
});

async function documentOf(settings: { admin: boolean; faults: boolean }) {
  const { api } = await startServer(settings);
  return document.parse(await (await api.get('/openapi.json')).json());
}

test('the OpenAPI document lists every route with its parameters and answers, and no other', async () => {
  const { paths, ...rest } = await documentOf({ admin: false, faults: false });
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`));
  expect(routes.sort()).toEqual([
    'get /files/{name}',
    'get /openapi.json',
    'get /v1/get-user-credits',
    'get /v2/requests/{id}',
    'get /v2/requests/{id}/status',
    'post /upload-asset',
    'post /v1/hallo',
    'post /v2/hallo',
  ]);
  const submit = paths['/v2/hallo']?.post;
  expect(submit?.requestBody?.content['application/json']?.schema.properties).toMatchObject({
    pose_weight: { type: 'number', minimum: 0, maximum: 10, default: 1.4 },
    face_weight: { default: 1 },
    lip_weight: { default: 1.2 },
    face_expand_ratio: { default: 1.2 },
    input_image: { type: 'string' },
  });
  expect(Object.keys(paths['/v1/hallo']?.post?.responses['200']?.content ?? {})).toEqual(['video/mp4', 'application/json']);
  expect(rest.components).toMatchObject({ securitySchemes: { apiKey: { in: 'header', name: 'x-api-key' } } });
  expect(JSON.stringify(paths)).not.toContain('$ref');
});

test('admin routes are documented where they are switched on', async () => {
  const { paths } = await documentOf({ admin: true, faults: true });
  expect(Object.keys(paths['/admin/faults'] ?? {}).sort()).toEqual(['delete', 'get', 'post']);
  expect(paths).toHaveProperty('/admin/requests');
});
