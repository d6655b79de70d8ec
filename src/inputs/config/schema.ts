import type { Definition } from '../definition.ts';
import { configurable } from './read-setting.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of ecs-ramp.yml for editors. `ecs-ramp validate` checks everything else. Pure.
 */
export function configSchema(): Schema {
  const settings = Object.fromEntries(
    Object.entries(configurable).map(([name, definition]) => [name, schemaOf(definition)]),
  );
  const { service, ...forAll } = settings;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'ecs-ramp.yml',
    description: 'The services of a repository and their ecs-ramp settings.',
    ...object({
      paths: texts(
        'Patterns of files that belong to every service: ** matches any depth, * matches within a folder, ! excludes.',
      ),
      defaults: described(
        'Inputs for all services. {service} is replaced with the name of the service, {environment} with the name of the environment.',
        object({
          paths: texts(
            'Patterns of the files of each service, with {service} for its name. Default: all files in its context.',
          ),
          ...forAll,
        }),
      ),
      environments: described(
        'Environments by name. Their inputs override the defaults.',
        named(object({ branches: texts('Patterns of the branches that are deployed to it.'), ...forAll })),
      ),
      libraries: described(
        'Shared code by name. A change of a library is a change of everything that uses it.',
        named(object({ paths: texts('Patterns of the files of the library.'), uses: USES })),
      ),
      services: described(
        'Services by name. Their inputs override the defaults and the inputs of the environment.',
        {
          ...named(
            object({
              paths: texts('Patterns of the files of the service. Default: all files in its context.'),
              uses: USES,
              needs: texts('Services that are deployed before this one, if both are deployed.'),
              environments: described('Inputs for a single environment.', named(object(settings))),
              service: service!,
              ...forAll,
            }),
          ),
          minProperties: 1,
        },
      ),
    }),
    required: ['services'],
  };
}

const USES = texts('Libraries and services whose files also belong to this one.');

function object(properties: Readonly<Record<string, Schema>>): Schema {
  // A key without a value is null.
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

function schemaOf({ description, type, default: byDefault }: Definition): Schema {
  const told = { description, ...(byDefault !== null && { default: byDefault }) };
  switch (type.form) {
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
      return { ...told, enum: type.form.choices };
  }
}
