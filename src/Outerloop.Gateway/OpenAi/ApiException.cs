namespace Outerloop.Gateway.OpenAi;

/// <summary>A request that is refused, as OpenAI's clients are told of it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="param">The member of the request that is wrong; null if none is.</param>
/// <param name="code">A stable word for programs; null if there is none.</param>
internal sealed class ApiException(int status, string message, string? param = null, string? code = null) : Exception(message)
{
    /// <summary>Characters of a name that a message repeats.</summary>
    private const int LongestName = 200;

    public int Status => status;

    /// <summary>A stable word for programs; null if there is none.</summary>
    public string? Code => code;

    /// <summary>Seconds after which it is worth asking again; null if that is not known.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How a client may say who it is, where that is what is wrong.</summary>
    public string? Challenge { get; init; }

    public ErrorBody Body => new(new ErrorDetail(
        Message, status >= 500 ? "server_error" : status == 429 ? "rate_limit_error" : "invalid_request_error", param, code));

    public static ApiException Wrong(string param, string what) => new(400, $"'{param}' {what}", param);

    /// <summary>What this program cannot do is refused, never left out in silence.</summary>
    public static ApiException Unsupported(string param, string what) => new(400, $"'{param}': {what}", param, "unsupported_parameter");

    /// <param name="name">May be anything.</param>
    public static ApiException UnknownModel(string name) => new(404, $"The model '{(name.Length > LongestName ? name[..LongestName] + "…" : name)}' does not exist; /v1/models lists those that do", "model", "model_not_found");
}
