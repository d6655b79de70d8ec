import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{I as e}from"./chunk-BDJX5XUO.js";var i=e.definitions;var a=n("Libraries and services whose files belong to it too.");function n(t){return{description:t,type:["string","array"],items:{type:"string"}}}
