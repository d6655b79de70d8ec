import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as m}from"./chunk-VUI7XUKC.js";import{a as w}from"./chunk-TPSEOGYY.js";import{a as h,b as k}from"./chunk-RZBJZGS4.js";import{c as R,e as n}from"./chunk-HV3ZKUID.js";import{c as i,e as p,j as y,l as A}from"./chunk-FKJCIB7B.js";import{a as d}from"./chunk-HZFTSGRB.js";import{b as f,h as u}from"./chunk-HPC7D6PY.js";import{x as l}from"./chunk-QQU26KRU.js";import{a as c}from"./chunk-4QJNW3E7.js";async function x(t,s,r=process.env){let o=w(e=>p(`${e} received: the job is cancelled`),e=>i(m(e),{title:t.title}));try{let e=await u(t,{env:r,workspace:r.GITHUB_WORKSPACE??process.cwd()}),a=R({env:r,access:f(e),cancelled:o});t.post!==null&&n({finished:!1,run:a.run.id}),y(await s(e,a))}catch(e){e instanceof l?h(t,e):await g(t,e,o)}t.post!==null&&n({finished:!0})}async function g(t,s,r){let o=r.aborted&&!(s instanceof c)?[`The job was cancelled (${r.reason}).`]:(await import("./chunk-5EPBBY6X.js")).causesOf(s);for(let e of o)i(e,{title:t.title});A(`## \u274C ${t.title} failed

${o.map(e=>`- ${d(e,2e3)}`).join(`
`)}
`),k(t,o.length===1?o[0]:`${o.length} things are missing.`)}export{x as a};
