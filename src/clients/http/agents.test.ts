import assert from 'node:assert/strict';
import { type Certificates, makeCertificates } from '../../../test/harness/http-certificates.ts';
import { Agents } from './agents.ts';

describe('Agents', () => {
  let certificates: Certificates;
  let agents: Agents;

  before(() => {
    certificates = makeCertificates();
  });
  beforeEach(() => {
    agents = new Agents({ allowLoopback: true });
  });
  afterEach(() => agents.close());

  it('gives one agent an identity', () => {
    const { ca, otherCa, client } = certificates;
    const identities = [{}, { ca: ca.cert }, { ca: otherCa.cert }, { ca: ca.cert, ...client }, client];
    const first = identities.map((identity) => agents.get(identity));
    const second = identities.map((identity) => agents.get({ ...identity }));
    assert.equal(new Set(first).size, identities.length);
    assert.deepEqual(
      second.map((agent, i) => agent === first[i]),
      identities.map(() => true),
    );
  });

  it('closes the identities that were not used for longest', () => {
    const kept = agents.get({});
    const dropped = agents.get({ ca: certificates.ca.cert });
    for (let i = 0; i < 40; i++) {
      assert.equal(agents.get({}), kept);
      agents.get({ ca: `# ${i}\n${certificates.ca.cert}` });
    }
    assert.equal(dropped.closed, true);
    assert.equal(kept.closed, false);
    assert.notEqual(agents.get({ ca: certificates.ca.cert }), dropped);
  });

  it('ends all of them', async () => {
    const agent = agents.get({});
    await agents.close();
    assert.equal(agent.destroyed, true);
  });
});
