import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function s(t){return`ecs-ramp failed in a way it should not: please report this. ${t instanceof Error?t.stack??t.message:String(t)}`}export{s as a};
