import{a as s}from"./failure-DAGGBNOU.js";var o=class extends s{name="InvalidTaskDefinition";problem;fix;constructor(r,e){super(`${r}: ${e}.`),this.problem=r,this.fix=e}};export{o as a};
