import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function o({taskDefinitionArn:e,commit:t,actor:n}){let i=[t&&`commit ${t.slice(0,7)}`,n&&`by ${n}`].filter(Boolean).join(", ");return`${r(e)}${i&&` (${i})`}`}function r(e){return e.split("/").at(-1)}export{o as a,r as b};
