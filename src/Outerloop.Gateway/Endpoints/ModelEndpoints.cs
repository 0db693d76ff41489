using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Upstreams;

namespace Outerloop.Gateway.Endpoints;

/// <summary>Says which models there are, here and on other servers, and loads further ones where that is allowed.</summary>
internal sealed class ModelEndpoints(ModelCatalog models, FolderModels loaded, UpstreamModels? others)
{
    private const int LongestName = 200;

    public async Task List(HttpContext context)
    {
        object[] own = [.. (await models.List(context.RequestAborted)).Select(BodyOf)];
        await context.Response.WriteAsJsonAsync(new ModelList([.. own, .. await Others(context.Request, own.Length > 0)]), Wire.Json, context.RequestAborted);
    }

    public async Task Show(HttpContext context)
    {
        // Servers leave an escaped slash as it is, and clients send it in names such as Qwen/Qwen3-4B.
        string name = $"{context.Request.RouteValues["name"]}".Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        object model = await models.Find(name, context.RequestAborted) is { } own
            ? BodyOf(own)
            : (await Others(context.Request, mayFail: false)).FirstOrDefault(other => UpstreamModels.NameOf((JsonElement)other) == name) ?? throw ApiException.UnknownModel(name);
        await context.Response.WriteAsJsonAsync(model, Wire.Json, context.RequestAborted);
    }

    /// <summary>As vLLM's <c>load_lora_adapter</c>; the folder may also hold a whole model. A name that is served already stays what it is.</summary>
    public async Task Load(HttpContext context)
    {
        using RequestBody body = await RequestBody.Read(context.Request, context.RequestAborted);
        string name = body.Text("lora_name"), folder = body.Text("lora_path");
        if (name.Length is 0 or > LongestName || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or ':'))
            throw ApiException.Wrong("lora_name", $"must be of up to {LongestName} letters, digits and -_./:");
        if (!Path.IsPathFullyQualified(folder) || !Directory.Exists(folder))
            throw ApiException.Wrong("lora_path", "must be the whole path of a folder on this machine");
        try
        {
            if (!await Offer(name, folder, context.RequestAborted))
                throw ApiException.Wrong("lora_name", $"is taken: '{name}' is another model's");
        }
        catch (InputException problem)
        {
            throw ApiException.Wrong("lora_path", $"cannot be loaded: {problem.Message}");
        }

        await context.Response.WriteAsync($"Success: '{name}' is served");
    }

    /// <summary>Opens the model before its name is offered.</summary>
    private async Task<bool> Offer(string name, string folder, CancellationToken cancellation)
    {
        if (await models.Find(name, cancellation) is { } known)
            return known.Folder == Path.GetFullPath(folder);
        (await models.Use(new OfferedModel(name, Path.GetFullPath(folder), default))).Dispose();
        return loaded.TryAdd(name, folder);
    }

    /// <param name="request">Of somebody who wants to know.</param>
    /// <param name="mayFail">Whether there is something to tell without them.</param>
    private async Task<IEnumerable<object>> Others(HttpRequest request, bool mayFail)
    {
        try
        {
            return others is null ? [] : (await others.List(Hops.Beyond(request), request.HttpContext.RequestAborted)).Cast<object>();
        }
        catch (ApiException) when (mayFail)
        {
            return [];
        }
    }

    private static ModelBody BodyOf(OfferedModel model) => new(model.Name, model.Created.ToUnixTimeSeconds(), model.StandsFor, model.Weights);
}
