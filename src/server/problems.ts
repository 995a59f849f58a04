import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** A refused call: the HTTP code and the text of the API's error envelope. */
export type Problem = { status: number; error: string };

export const requestNotFound = (id: string): Problem => ({ status: 404, error: `Request ${id} not found` });

/** Codes of the API's table for what the HTTP framework itself refuses. */
const frameworkProblems: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 406, error: 'Content-Type must be application/json' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, error: 'Request body is too large' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, error: 'Request body is empty' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, error: 'Request body is not valid JSON' },
};

/** A number outside of its range is a refused value (406); whatever else is wrong with the parameters is malformed (400). */
function validationProblem(error: Parameters<typeof hasZodFastifySchemaValidationErrors>[0]): Problem | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const found = error.validation.map(issue => ({
    outOfRange: (issue.keyword === 'too_small' || issue.keyword === 'too_big') && /number/.test(issue.message ?? ''),
    text: `${issue.instancePath.slice(1).replaceAll('/', '.') || 'body'}: ${issue.message ?? 'invalid'}`,
  }));
  return { status: found.every(each => each.outOfRange) ? 406 : 400, error: found.map(each => each.text).join('; ') };
}

/** What an error that a route or the framework threw means on the wire; undefined for a bug. */
export function problemOf(error: FastifyError): Problem | undefined {
  const known = validationProblem(error) ?? frameworkProblems[error.code];
  if (known !== undefined) return known;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? { status, error: 'Bad request' } : undefined;
}

/** The last resort of every route: the envelope, and nothing of the server's inside. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem === undefined) request.log.error({ err: error }, 'a call failed unexpectedly');
  sendProblem(reply, problem ?? { status: 500, error: 'Internal server error' });
}

/** Answers the error envelope, whatever schemas the route declares. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error: problem.error }));
}

const methodNotAllowedPage = `<!doctype html>
<html lang="en">
<title>405 Method Not Allowed</title>
<h1>Method Not Allowed</h1>
<p>The method is not allowed for the requested URL.</p>
</html>
`;

/** The one answer of the API that is HTML. */
export function sendMethodNotAllowed(reply: FastifyReply, allowed: readonly string[]): FastifyReply {
  return reply.code(405).header('allow', allowed.join(', ')).type('text/html; charset=utf-8').send(methodNotAllowedPage);
}
