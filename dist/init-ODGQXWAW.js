import{e as f}from"./arn-CA44SD5U.js";import"./runtime-3RNHDNP5.js";function v(e){let{service:t,taskDefinition:n,cluster:g,region:m,context:l}=e,c=t.serviceName,i=n.containerDefinitions??[],a=t.loadBalancers?.[0],o=i.find(r=>r.name===a?.containerName)??(i.length===1?i[0]:void 0),d=h(o?.image),u=a!==void 0&&a.advancedConfiguration===void 0,p=a?.advancedConfiguration?.testListenerRule!==void 0,y=[`repository: ${s(d??c)}`,`context: ${s(l??".")}`,...i.length>1&&o?[`container-name: ${s(o.name)}`]:[],...u?["strategy: rolling # canary needs a second target group"]:[],...p?["smoke-test: /"]:[]];return{config:["# All settings: https://github.com/ecs-ramp/ecs-ramp/blob/main/docs/config.md","defaults:",`  aws-region: ${m}`,`  cluster: ${s(g)}`,"services:",`  ${s(c)}:`,...y.map(r=>`    ${r}`),""].join(`
`),workflow:w(e,c),unknown:[...d===null?[`The ECR repository: the image of the service is ${o?.image??"not known"}. Correct \`repository\` in ecs-ramp.yml; create it with aws ecr create-repository if it does not exist.`]:[],...l===null?["The Dockerfile: there is none here. Correct `context` in ecs-ramp.yml."]:[],...i.length>1&&o===void 0?[`The container that gets the image: the task definition has ${i.map(r=>r.name).join(", ")}. Add \`container-name\` to ecs-ramp.yml.`]:[],...u?['A second target group: the service has only one, so ECS replaces its tasks in batches (strategy: rolling). For a canary, follow docs/setup.md, "A service that exists", and remove `strategy`.']:[]]}}function h(e){let[,t="",n]=/^([^/]+)\/([^:@]+)/.exec(e??"")??[];return n!==void 0&&f(t)?n:null}function w({branch:e,version:t},n){return`name: deploy ${n}
on:
  push:
    branches: [${s(e??"main")}]

permissions: {}

# A rollout is never overtaken: the next one waits for it.
concurrency:
  group: deploy-${n}

jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 240
    permissions:
      contents: read
      id-token: write # to assume the role without a stored key
    steps:
      - uses: actions/checkout@fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09 # v5.1.0
        with:
          persist-credentials: false
      - uses: ecs-ramp/ecs-ramp@v${t}
        with:
          config: ecs-ramp.yml
          service: ${s(n)}
          role-to-assume: \${{ vars.AWS_DEPLOY_ROLE }}
`}function s(e){return/^[A-Za-z.][\w./-]*$/.test(e)&&!/^(?:true|false|null|yes|no|on|off)$/i.test(e)?e:JSON.stringify(e)}export{v as initFiles};
