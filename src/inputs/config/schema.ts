import type { Definition } from '../definition.ts';
import { configurable } from './read-setting.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema of ecs-ramp.yml, for editors: keys, what each takes, and what it means. What only the whole shows is told by `ecs-ramp validate`. Pure. */
export function configSchema(): Schema {
  const settings = Object.fromEntries(
    Object.entries(configurable).map(([name, definition]) => [name, schemaOf(definition)]),
  );
  const { service, ...forAll } = settings;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'ecs-ramp.yml',
    description: 'The services of a repository, and how ecs-ramp deploys each.',
    ...object({
      paths: texts(
        'Files that belong to every service, as patterns: ** any depth, * within a folder, ! takes away.',
      ),
      defaults: described(
        'Inputs for all services. {service} stands for the name of each, {environment} for that of the environment.',
        object({
          paths: texts('Files of each service, with {service} for its name. Default: those of its context.'),
          ...forAll,
        }),
      ),
      environments: described(
        'By name, what is different where; inputs over the defaults.',
        named(object({ branches: texts('Patterns of the branches that are deployed to it.'), ...forAll })),
      ),
      libraries: described(
        'By name, shared code: a change touches whatever uses it.',
        named(object({ paths: texts('Its files, as patterns.'), uses: USES })),
      ),
      services: described('By name, what is deployed; inputs over the defaults and the environment’s.', {
        ...named(
          object({
            paths: texts('Its own files, as patterns. Default: those of its context.'),
            uses: USES,
            needs: texts('Services that are deployed before it where both are.'),
            environments: described('Inputs in one environment only.', named(object(settings))),
            service: service!,
            ...forAll,
          }),
        ),
        minProperties: 1,
      }),
    }),
    required: ['services'],
  };
}

const USES = texts('Libraries and services whose files belong to it too.');

function object(properties: Readonly<Record<string, Schema>>): Schema {
  // Null: a key without anything below it.
  return { type: ['object', 'null'], properties, additionalProperties: false };
}

function named(value: Schema): Schema {
  return { type: ['object', 'null'], additionalProperties: value };
}

function described(description: string, schema: Schema): Schema {
  return { description, ...schema };
}

function texts(description: string): Schema {
  return { description, type: ['string', 'array'], items: { type: 'string' } };
}

const SCALAR = { type: ['string', 'number', 'boolean'] };

function schemaOf({ description, kind, default: byDefault }: Definition): Schema {
  const told = { description, ...(byDefault !== null && { default: byDefault }) };
  switch (kind.form) {
    case 'number':
      return { ...told, type: ['number', 'string'] };
    case 'truth':
      return { ...told, type: 'boolean' };
    case 'list':
      return { ...told, type: ['string', 'number', 'array'], items: SCALAR };
    case 'map':
      return { ...told, type: ['string', 'array', 'object'], items: SCALAR, additionalProperties: SCALAR };
    case undefined:
      return { ...told, type: ['string', 'number'] };
    default:
      return { ...told, enum: kind.form.choices };
  }
}
