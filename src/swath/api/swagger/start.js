// Starts Swagger UI on the document `api` beside the page that loads this; no outside validator is asked.
SwaggerUIBundle({
  url: "api",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
});
