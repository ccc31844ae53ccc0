import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ProblemBody } from '../protocol/bodies.js';

const DESCRIPTION = [
  'The REST side of Sotto. Bodies of type `application/x-protobuf` are messages of `libs/protocol/sotto.proto`, named by `x-protobuf-message`.',
  'Every refusal is an RFC 9457 problem with a stable `code`. Mail is received over the WebSocket of the gateway: `docs/protocol/websocket.md`.',
].join('\n\n');

/** OpenAPI 3.1, from the schemas that validate. */
export function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sotto')
    .setVersion(version)
    .setDescription(DESCRIPTION)
    .setLicense('AGPL-3.0-only', '')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Access token of a device, from `POST /v1/token`',
      },
      'device',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'Service token' }, 'admin')
    .build();
  const document = SwaggerModule.createDocument(app, config, { standardSchemaConverter: toJsonSchema });
  document.info.license = { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' } as never;
  // Nest knows only the answers of methods; problems come from the filter.
  const { components } = toJsonSchema(ProblemBody, { schemaType: 'output' });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...components } };
  return document;
}

function toJsonSchema(schema: unknown, { schemaType }: { readonly schemaType: 'input' | 'output' }) {
  const {
    $schema: _,
    $defs,
    id: __,
    ...rest
  } = z.toJSONSchema(schema as z.ZodType, { target: 'draft-2020-12', io: schemaType });
  return { schema: rest, components: ($defs ?? {}) as Record<string, object> };
}

/** `/openapi.json` and `/docs`; the page's scripts and styles come from this server. */
export function serveDocs(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Sotto API',
    swaggerOptions: {
      validatorUrl: null,
      persistAuthorization: false,
      tagsSorter: 'alpha',
      displayRequestDuration: true,
    },
  });
}
