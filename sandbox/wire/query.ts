import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { readForm } from './form.ts';
import type { WireReply } from './message.ts';
import type { Model } from './model.ts';
import { fault } from './protocol.ts';
import { STRING, structure, type StaticSchema } from './structure.ts';
import type { Protocol } from './protocol.ts';

/**
 * The query protocol: `Action=...` and the members as form fields; the reply is XML. EC2 has its own
 * envelopes.
 */
export function query(parameters: URLSearchParams, model: Model): Protocol {
  const reply = (status: number, root: StaticSchema<3>, value: object, requestId: string): WireReply => {
    const serializer = new XmlShapeSerializer({ ...xmlSettings, xmlNamespace: model.xmlNamespace });
    serializer.write(root, value);
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: serializer.flush(),
    };
  };
  return {
    dialect: 'query',
    // async, so that an exception becomes a rejection.
    decode: async (operation) => readForm(operation.input, parameters),
    encode(operation, output, requestId) {
      if (model.name === 'ec2') {
        const members = [['requestId', STRING] as const, ...operation.output.structIterator()];
        const root = structure(`${operation.name}Response`, members);
        return reply(200, root, { ...Object(output), requestId }, requestId);
      }
      const result = `${operation.name}Result`;
      const silent = operation.output.isUnitSchema();
      const members = [...(silent ? [] : [[result, operation.output.getSchema()] as const]), METADATA];
      const value = { [result]: output ?? {}, ResponseMetadata: { RequestId: requestId } };
      return reply(200, structure(`${operation.name}Response`, members), value, requestId);
    },
    refuse({ code, message, status, facts, fields }, requestId) {
      const modelled = facts ? [...facts.schema.structIterator()] : [];
      const members = modelled.filter(([name]) => name.toLowerCase() !== 'message');
      const error = structure('Error', [['Type', STRING], ['Code', STRING], ['Message', STRING], ...members]);
      if (model.name === 'ec2') {
        const errors = structure('Errors', [['Error', error]]);
        const root = structure('Response', [
          ['Errors', errors],
          ['RequestID', STRING],
        ]);
        return reply(
          status,
          root,
          { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId },
          requestId,
        );
      }
      return reply(
        status,
        structure('ErrorResponse', [
          ['Error', error],
          ['RequestId', STRING],
        ]),
        { Error: { ...fields, Type: fault(status), Code: code, Message: message }, RequestId: requestId },
        requestId,
      );
    },
  };
}

const DATE_TIME = 5;
const xmlSettings = {
  timestampFormat: { useTrait: true, default: DATE_TIME },
  httpBindings: false,
  serviceNamespace: '',
} as const;

const METADATA = ['ResponseMetadata', structure('ResponseMetadata', [['RequestId', STRING]])] as const;
